"""The demo's people as they stand in the book, and whether the book holds anybody else."""

from bot.domain.dossier import Dossier
from bot.web.site import Site


async def made_up(services: Site, exchanges: int) -> list[Dossier]:
    """The demo's people as they stand in the book; nobody when the demo is off."""
    found = []
    for person in services.people if services.demo else ():
        customer_id = await services.store.customer_id(person.ref)
        dossier = await services.store.dossier(customer_id, exchanges) if customer_id else None
        if dossier is not None and person.is_(dossier.customer):
            found.append(dossier)
    return found


async def open_to_all(services: Site) -> bool:
    """Whether the demo may let anybody into the console: as long as the book holds made-up customers only."""
    if not services.demo:
        return False
    customers = (await services.store.counts()).get("customers", 0)
    return customers <= len(await made_up(services, exchanges=0))
