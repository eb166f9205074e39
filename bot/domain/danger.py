"""Words that tell of danger to the writer's life: heard before anything else, from wherever they are written."""

import re
import unicodedata

# Recall before precision, yet idioms ("cette facture me tue", "mort de rire", "dying to know") stay outside: each
# phrase names the wish or the plan itself. Phrases are our own, in plain letters.
_SIGNS = re.compile(
    r"\bsuicid|\bsuizid|\bselbstmord|\bself.?harm"
    # French
    r"|\b(?:me|m') ?(?:tuer|suicider|foutre en l'air|flinguer|pendre|jeter (?:sous|par)|balancer (?:sous|par))\b"
    r"|\b(?:envie|besoin|decide|vais|veux|voudrais|peux) (?:\w+ ){0,2}(?:d'en|en) finir\b(?! avec (?!la vie|ma vie|tout))|\ben finir avec (?:la|ma) vie"
    r"|\bmettre fin a (?:mes jours|ma vie|tout)|\b(?:plus|pas) (?:envie|la force) de vivre|\bne (?:veux|peux) plus vivre"
    r"|\b(?:veux|voudrais|envie de|prefere) (?:plutot )?mourir\b|\b(?:je )?(?:serais|serai) mieux mort|\bme supprimer\b"
    r"|\bplus (?:aucune )?raison de vivre|\bla vie ne vaut (?:plus|pas)"
    # English
    r"|\b(?:kill|hurt|harm|hang|shoot) myself\b|\bend(?:ing)? (?:my|this) life\b|\bend(?:ing)? it all\b"
    r"|\bthinking (?:of|about) ending it\b|\b(?:want|going|wish|rather|ready) (?:to )?(?:die|be dead)\b(?! to know)"
    r"|\b(?:don'?t|do not) want to (?:live|be alive|be here any ?more|wake up)\b|\bbetter off dead\b"
    r"|\blife (?:is ?n'?t|is not|ain'?t) worth (?:it|living)\b|\btake my (?:own )?life\b|\bno (?:reason|point) (?:to|in) liv(?:e|ing)\b|\bcan'?t go on living\b"
    # Spanish
    r"|\b(?:matarme|suicidarme|quitarme la vida|ahorcarme|tirarme (?:al|por|a la))\b|\bme (?:voy a matar|mato|quito la vida)\b"
    r"|\bme (?:quiero|queria|quisiera|pienso|tengo que|dan ganas de) (?:matar|suicidar|ahorcar|quitar la vida|quitar de en medio)\b"
    r"|\bno quiero (?:seguir )?(?:vivir|viviendo)\b|\b(?:quiero|prefiero) morir(?:me)?\b|\bacabar con (?:todo|mi vida)\b"
    r"|\bsin ganas de vivir\b|\bno tengo ganas de vivir\b|\bmejor (?:estaria )?muert[oa]\b"
    # German
    r"|\bbringe? mich (?:noch )?um\b|\bmich (?:selb\w+ )?um(?:zu)?bring|\bmir (?:das|mein) leben (?:zu )?nehmen"
    r"|\bmich (?:selbst )?toten\b|\bnicht mehr leben\b|\bwill (?:\w+ ){0,2}sterben\b|\bmeinem leben ein ende"
    r"|\bmir (?:et)?was an(?:zu)?tun\b|\b(?:leben|ich) (?:\w+ ){0,3}(?:keinen|kein) sinn (?:mehr )?(?:zu leben|im leben)|\bleben hat keinen sinn"
    r"|\bmit allem (?:jetzt |endlich )?schluss\b|\bschluss (?:machen )?mit allem\b|\blebensmude\b|\blieber tot\b"
)


def life_at_risk(text: str) -> bool:
    """Whether a message may speak of ending one's life; in doubt yes."""
    decomposed = unicodedata.normalize("NFKD", text[:4000].lower().replace("\u2019", "'"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SIGNS.search(plain) is not None
