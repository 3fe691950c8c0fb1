"""The model card that is saved beside the trained pipeline."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.language.training.archives import archives

TEMPLATE = Path(__file__).parent / "model-card.md"
TREES = {"craft": "CRAFT 5, held-out papers", "ewt": "EWT, test part"}
ENTITIES = {"bionlp13cg": "BioNLP13CG, test part", "jnlpba": "JNLPBA, test part", "bc5cdr": "BC5CDR, test part"}


def write_card(figures: Mapping[str, Mapping[str, float]], to: Path) -> None:
    """Fill the template with the archives and the figures (`measuring.held_out_figures`)."""
    data = ["| archive | licence | for |", "|---|---|---|"]
    data += [f"| {a.name} | {a.licence} | {a.used_for} |" for a in archives()]
    trees = ["| trees | tags | UAS | LAS |", "|---|---|---|---|"]
    for part, title in TREES.items():
        trees.append(
            f"| {title} | {figures[part]['tag']:.1f} | {figures[part]['uas']:.1f} | {figures[part]['las']:.1f} |"
        )
    entities = ["| entities | precision | recall | F1, own tokens | F1, from text |", "|---|---|---|---|---|"]
    for part, title in ENTITIES.items():
        own, text = figures[part], figures[f"{part}_text"]
        entities.append(f"| {title} | {own['p']:.1f} | {own['r']:.1f} | {own['f']:.2f} | {text['f']:.2f} |")
    sentences = f"Sentences of CRAFT's held-out papers: F1 {figures['craft_sentences']['f']:.1f}."
    card = TEMPLATE.read_text(encoding="utf-8")
    filled = card.replace("{data}", "\n".join(data))
    filled = filled.replace("{figures}", "\n".join([*trees, "", *entities, "", sentences]))
    to.write_text(filled, encoding="utf-8")
