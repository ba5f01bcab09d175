"""What `rundgang serve` prints when it is ready: addresses, and for the demo company how to get in."""

import json
from datetime import datetime

import click

from sync_server.commands.speaking import say
from sync_server.crm import pairing, users
from sync_server.store import Database, facts


def announce(database: Database, reached: str, now: datetime) -> None:
    """Print where everything is. A demo database brings its users and a fresh link for a demo technician."""
    lines = [
        "",
        f"  {say('Innendienst', 'Inside sales')}   {reached}/",
        f"  {say('Tablet-App ', 'Tablet app  ')}   {reached}/app/",
        f"  {say('Zustand    ', 'Health      ')}   {reached}/healthz",
    ]
    with database.writing() as connection:
        demo = facts.get(connection, facts.DEMO)
        if demo is not None:
            known = json.loads(demo)
            lines += ["", f"  {say('Demo-Zugänge', 'Demo users')}"]
            lines += [
                f"    {user['login']:<24} {user['password']:<20} {user['role']}" for user in known["users"]
            ]
            technician = users.find_login(connection, known["technician"])
            if technician is not None:
                code = pairing.make_code(connection, technician.id, now)
                ready = say(
                    f"Tablet-App, gekoppelt als {technician.name} (15 Minuten gültig)",
                    f"Tablet app, paired as {technician.name} (valid for 15 minutes)",
                )
                lines += ["", f"  {ready}", f"    {pairing_link(reached, code)}"]
    for line in [*lines, ""]:
        click.echo(line)


def pairing_link(reached: str, code: str) -> str:
    """The link that opens the tablet app with a code filled in."""
    return f"{reached}/app/#/pair?code={code}"
