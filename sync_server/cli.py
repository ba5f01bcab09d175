"""The command `rundgang`."""

import importlib

import click

_COMMANDS = {
    "serve": "sync_server.commands.serve:serve",
    "demo": "sync_server.commands.demo:demo",
    "user": "sync_server.commands.user:user",
    "device": "sync_server.commands.device:device",
    "backup": "sync_server.commands.backup:backup",
    "restore": "sync_server.commands.restore:restore",
    "move": "sync_server.commands.move:move",
    "move-photos": "sync_server.commands.move_photos:move_photos",
    "import": "sync_server.commands.import_:import_",
}


class _OnDemand(click.Group):
    """Loads a command when it is called: `rundgang device list` need not wait for the web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rundgang")
def main() -> None:
    """Rundgang: what technicians see on site reaches inside sales, and the answer comes back."""


if __name__ == "__main__":
    main(prog_name="rundgang")
