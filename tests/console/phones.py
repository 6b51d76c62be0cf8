"""Whom somebody of the cast is in the registry."""


def person_of(gateway, who: dict[str, str]) -> int:
    return gateway.services.core.registry.persons_on(who["phone"])[0].id
