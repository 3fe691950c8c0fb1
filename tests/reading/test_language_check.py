import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.language_check import check_english

ENGLISH = (
    "Regular exercise raises the level of BDNF in the blood of older adults, and this may be one of the reasons why "
    "people who train have a better memory than those who do not. The effect was not seen in the control group."
)
TERSE = "Increases BBB permeability. Raises dopamine, epinephrine. Slowed reaction times. Reduced grey matter. " * 6

OTHERS = {
    "German": "Regelmäßiges Training erhöht den Spiegel von BDNF im Blut der älteren Menschen, und das ist einer der "
    "Gründe, warum sie sich besser erinnern als die, die nicht trainieren. Die Wirkung wurde in der Kontrollgruppe "
    "nicht beobachtet und ist auch nach einem Jahr noch nicht zu sehen.",
    "French": "L'exercice régulier augmente le taux de BDNF dans le sang des personnes âgées, et c'est une des raisons "
    "pour lesquelles elles ont une meilleure mémoire que les autres. L'effet n'a pas été observé dans le groupe témoin "
    "et il est plus faible chez les femmes.",
    "Spanish": "El ejercicio regular aumenta el nivel de BDNF en la sangre de los adultos mayores, y esta es una de "
    "las razones por las que tienen una mejor memoria que los demás. El efecto no se observó en el grupo de control y "
    "fue más débil en las mujeres.",
    "Dutch": "Regelmatig bewegen verhoogt het gehalte aan BDNF in het bloed van oudere mensen, en dat is een van de "
    "redenen dat zij een beter geheugen hebben dan mensen die niet bewegen. Het effect werd niet gezien in de "
    "controlegroep en was zwakker bij vrouwen.",
    "Portuguese": "O exercício regular aumenta o nível de BDNF no sangue dos idosos, e esta é uma das razões por que "
    "eles têm uma memória melhor do que os outros. O efeito não foi observado no grupo de controle e foi mais fraco "
    "nas mulheres que não treinam.",
}


TERMS = (
    "Spermidine. PQQ capsules, vitamin E, zinc picolinate, NAD precursors, taurine powder, creatine monohydrate. " * 5
)


@pytest.mark.parametrize("text", [ENGLISH, TERSE, TERMS, "", "BDNF.", "12 34"])
def test_english_passes_even_terse(text: str) -> None:
    check_english(text)


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_is_refused_by_name(language: str) -> None:
    with pytest.raises(UnreadableError, match=f"looks like {language}"):
        check_english(OTHERS[language])


@pytest.mark.parametrize(
    "text", ["Мышцы выделяют ирисин, который действует на мозг.", "运动提高记忆力 肌肉因子", "الرياضة تحسن الذاكرة"]
)
def test_another_script_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="not in Latin script"):
        check_english(text)


def test_a_short_text_gets_the_benefit_of_the_doubt() -> None:
    check_english("Die Wirkung ist in der Gruppe nicht zu sehen.")


def test_english_with_a_foreign_abstract_passes() -> None:
    check_english(ENGLISH * 2 + OTHERS["Spanish"])


def test_greek_letters_do_not_make_a_text_foreign() -> None:
    check_english("IL-1β, TNF-\u03b1, PGC-1\u03b1, β-amyloid and \u03b1-synuclein rose. " + ENGLISH)


def test_a_language_without_a_row_of_its_own_is_refused_too() -> None:
    latin = "Lorem ipsum dolor sit amet, consectetuer adipiscing elit, sed diam nonummy nibh euismod tincidunt. " * 10
    with pytest.raises(UnreadableError, match="is not in English"):
        check_english(latin)
