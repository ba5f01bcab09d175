"""Assembles the installable offline web app of the tablet from app/, protocol/ and Flet's web client."""
