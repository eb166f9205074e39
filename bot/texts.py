"""`python -m bot.texts`: bring the catalogues up to date with the texts of dialogues and pages.

New texts appear untranslated, texts that are gone move to the end as obsolete; nothing translated is lost.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from bot.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "en"


def template() -> Catalog:
    """All texts of the checkout."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(project="Relance", charset="utf-8")
    keywords = {"_": None, "N_": None}
    for name, line, text, comments, context in extract_from_dir(ROOT, methods, options, keywords, ("NOTE:",)):
        found.add(text, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def main() -> None:
    """Update the template and every catalogue."""
    texts = template()
    folder = ROOT / "locales"
    folder.mkdir(exist_ok=True)
    with (folder / "messages.pot").open("wb") as file:
        write_po(file, texts, sort_output=True, omit_header=False, include_lineno=False)
    # English last: filling it with its own texts changes messages that catalogues share.
    for language in sorted(LANGUAGES, key=lambda code: code == SOURCE):
        path = folder / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, project="Relance", charset="utf-8")
        if path.is_file():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language)
        catalogue.update(texts, no_fuzzy_matching=True)
        for message in catalogue:
            if language == SOURCE and message.id:
                message.string = message.id
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {missing} untranslated\n")


if __name__ == "__main__":
    main()
