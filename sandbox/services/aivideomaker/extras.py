"""The two endpoints the live service has beyond the document: account and quote.

Stands in for: the official description 1.0.15 as providers.md A1 reports it. In mode "strict" the
routes do not exist.
"""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.services.aivideomaker.service import AiVideoMaker

_USD_PER_CREDIT = 0.01
_UNLIMITED = -1


class Extras:
    """The live service's additional counter."""

    def __init__(self, service: "AiVideoMaker") -> None:
        self._service = service

    async def account(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/v1/account`."""
        document = {
            "ok": True,
            "apiVersion": "v1",
            "currentBalance": self._service.balance_of(request.headers["key"]),
            "dailyCreditLimit": _UNLIMITED,
            "generationRequestsPerMinute": self._service.create_limit.limit or _UNLIMITED,
            "supportedModels": list(self._service.models),
        }
        return web.json_response(document)

    async def quote(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /api/v1/quote/{model}`: checked like a create, but nothing is made."""
        name, model, body = self._service.intake.checked(request)
        price = model.price(body)
        balance = self._service.balance_of(request.headers["key"])
        document = {
            "model": name,
            "credits": price,
            "listPriceUsd": round(price * _USD_PER_CREDIT, 2),
            "usdPerCredit": _USD_PER_CREDIT,
            "currentBalance": balance,
            "affordable": balance >= price,
            "billable": False,
        }
        return web.json_response(document)
