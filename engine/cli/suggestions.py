"""What an unknown command may have meant: the same name in another group, or a query without its command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup


class SuggestingGroup(TyperGroup):
    """A group of commands that says where a command is that it does not have."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command; an unknown one is wrong usage, and the message tells which one is meant."""
        meant = "" if args[0] in self.commands else self._meant(ctx, args)
        if meant:
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{meant}'?")
        return super().resolve_command(ctx, args)

    def _meant(self, ctx: Any, args: list[str]) -> str:
        if len(args[0].split()) > 1 and "execute" in self.commands:
            return f"{ctx.command_path} execute SQL"
        root = ctx.find_root()
        return next((path for path, name in _commands(root.command, root.info_name) if name == args[0]), "")


def _commands(group: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the name of each command in a group and its groups."""
    for name, command in getattr(group, "commands", {}).items():
        yield f"{path} {name}", name
        yield from _commands(command, f"{path} {name}")
