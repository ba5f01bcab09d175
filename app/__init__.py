"""The tablet: records observations with no network and brings them to inside sales.

Imports point inwards: `ui` -> `state` -> {`sync`, `store`} -> `protocol`; `device` is injected.
"""
