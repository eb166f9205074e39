"""How a customer has paid so far, as a band that sets how softly they are addressed."""

from datetime import date, timedelta

from bot.domain.dossier import Dossier

# Bands of facts/features.md F-063, over twelve months; fewer invoices say nothing yet.
MONTHS_12 = timedelta(days=365)
FEWEST = 4
GENTLE_BELOW, FIRM_ABOVE = 25, 50
# A transfer takes its days: paid this soon after the due date counts as paid in time.
IN_TIME = timedelta(days=3)


def band(dossier: Dossier, today: date) -> str:
    """gentle, neutral or firm, by the share of last year's invoices that were paid late."""
    watched = [i for i in dossier.invoices if today - MONTHS_12 <= i.due_on < today and i.id not in dossier.disputed]
    if len(watched) < FEWEST:
        return "neutral"
    paid_at = {payment.id: payment.paid_at.date() for payment in dossier.payments}
    late = 0
    for invoice in watched:
        days = [paid_at[a.payment_id] for a in dossier.allocations if a.invoice_id == invoice.id]
        settled = max(days, default=today) if dossier.open_minor[invoice.id] <= 0 else today
        late += settled > invoice.due_on + IN_TIME
    percent = late * 100 / len(watched)
    return "gentle" if percent < GENTLE_BELOW else "firm" if percent > FIRM_ABOVE else "neutral"
