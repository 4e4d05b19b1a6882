"""A page under test, entered as its owner does."""

import re
from pathlib import Path
from typing import Any

from mine_energy import catalog

KEY = "the-key-of-this-start"
SITE = {
    "site.name": "Planta de prueba",
    "site.country": "CO",
    "site.latitude": "2,983982",
    "site.longitude": "-76,650777",
    "site.altitude_m": "1286",
    "site.workdays_per_month": "26",
    "connection.kind": "grid",
    "connection.export_allowed": "1",
    "shift.1.start": "06:00",
    "shift.1.end": "14:00",
}
MONEY = {
    "connection.tariff": "co_ceo_n2_2025_estimate",
    "emissions.activity_year": "2025",
    "emissions.factor_year": "2024",
}
MOTORS = (
    "Etiqueta;Potencia nominal [kW];Polos;Eficiencia [%];Factor de carga [%];Horas por día\n"
    "ML-01;55;4;93,0;75;14\n"
    "BO-01;11;2;90,1;80;8\n"
)
BAD_MOTORS = MOTORS.replace("BO-01;11;2", "BO-01;once;2")
METER = catalog.packaged("site_configs/ejemplo_medido/medidor.csv")


class Visitor:
    """A browser without JavaScript: follows redirects, keeps cookies, sends the token of the page it is on."""

    def __init__(self, app: Any, *, entered: bool = True) -> None:
        self.app = app
        self.client = app.test_client()
        if entered:
            assert self.client.get(f"/entrar?clave={KEY}").status_code == 303

    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.client.get("/sitio").text)
        assert found
        return found.group(1)

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(path, buffered=True, **given)

    def post(self, path: str, data: dict[str, Any] | None = None, **given: Any) -> Any:
        return self.client.post(
            path, data={"token": self.token(), **(data or {})}, follow_redirects=True, buffered=True, **given
        )


def filled(visitor: Visitor, root: Path) -> None:
    """Answer every step of a small plant."""
    from io import BytesIO

    assert visitor.post("/sitio", SITE).status_code == 200
    assert visitor.post("/motores", {"archivo": (BytesIO(MOTORS.encode()), "motores.csv")}).status_code == 200
    assert visitor.post("/sol", {"coverage.goal": "annual_net"}).status_code == 200
    assert visitor.post("/dinero", MONEY).status_code == 200
    assert (root / "sitio.toml").is_file()
