"""Train the shipped language model from raw archives: `python -m pipeline.language.train CORPORA_DIR`.

Needs the `train` extra (lemma tables). Inputs are the archives of `training/corpora.tsv`, whose hashes are
checked; outputs are the pipeline in `pipeline/language/model`, with its figures in `meta.json` and its model
card in `README.md`. Tagger with parser and recognizer are trained side by side, on a core each.
"""

import argparse
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pipeline.language.training.archives import unpack

MODEL = Path(__file__).parent / "model"


def main() -> None:
    """Unpack, train both parts, join them, measure the result and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="folder with the archives of training/corpora.tsv")
    parser.add_argument("--work", type=Path, help="where intermediate files go (default: a temporary folder)")
    parser.add_argument("--model", type=Path, default=MODEL, help="where the finished pipeline goes")
    args = parser.parse_args()
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})  # before numpy is imported
    from pipeline.language.training import parts

    with tempfile.TemporaryDirectory() as scratch:
        work = args.work or Path(scratch)
        raw = work / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        unpack(args.corpora, raw)
        with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
            trained = [pool.submit(train, raw, work) for train in (parts.train_parser, parts.train_recognizer)]
            parser_path, recognizer_path = (part.result() for part in trained)
        parts.finish(parser_path, recognizer_path, raw, args.model)
    print(f"The pipeline is in {args.model}")


if __name__ == "__main__":
    main()
