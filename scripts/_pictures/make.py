"""Make ``docs/img`` again, in both languages: report on a desk and on a phone, local page, workbook."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from mine_energy.catalog import packaged
from mine_energy.web.server import serve

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "img"
MOST_BYTES = 150_000
DESK, PHONE, PAGE = (1100, 900), (390, 844), (1100, 900)
FIRST_PAGE = 'pdf:calc_pdf_Export:{"PageRange":{"type":"string","value":"1"}}'
INVENTORY = "los_conquistadores_motores.csv"


def main() -> int:
    """Make every picture, and say how large each is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="a study.json of the pilot; made when absent")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        study = given.study or pilot(folder)
        for language in ("es", "en"):
            run("report", str(study), "--out", str(folder / language), "--lang", language)
            save(f"workbook_{language}", sheet(folder / language / "results.xlsx", folder))
        with sync_playwright() as player:
            program = found("chromium", "google-chrome", "chrome")
            browser = player.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for language in ("es", "en"):
                report = (folder / language / "report.html").as_uri()
                for name, (width, height), scale in (("report", DESK, 1), ("phone", PHONE, 2)):
                    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
                    page.goto(report)
                    save(f"{name}_{language}", shot(page, folder))
                local_page(browser.new_page, folder, language)
            browser.close()
    return 0


def pilot(folder: Path) -> Path:
    """Run the pilot's study."""
    run("demo", "--out", str(folder / "demo"))
    return folder / "demo" / "study.json"


def run(*words: str) -> None:
    """Run the program with some words."""
    subprocess.run([sys.executable, "-m", "mine_energy", *words], check=True, stdout=subprocess.DEVNULL)


def found(*names: str) -> str:
    """Return the first program of some names that is installed."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise SystemExit(f"none of {', '.join(names)} is installed")


def shot(page: Page, folder: Path) -> Image.Image:
    """Return what a page shows now."""
    path = folder / "shot.png"
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    page.close()
    return Image.open(path).convert("RGB")


def local_page(new_page: Callable[..., Page], folder: Path, language: str) -> None:
    """Picture the local page's second step with the pilot's motor list in it."""
    own = folder / f"web_{language}"
    (own / "datos").mkdir(parents=True)
    shutil.copy(packaged(f"site_configs/{INVENTORY}"), own / "datos" / INVENTORY)
    site = packaged("site_configs/los_conquistadores.toml").read_text(encoding="utf-8")
    (own / "sitio.toml").write_text(site.replace(f'"{INVENTORY}"', f'"datos/{INVENTORY}"'), encoding="utf-8")
    running = serve(own, "es" if language == "es" else "en")
    try:
        page = new_page(viewport={"width": PAGE[0], "height": PAGE[1]})
        page.goto(running.address)
        page.goto(running.address.partition("/entrar")[0] + "/motores")
        save(f"page_{language}", shot(page, folder))
    finally:
        running.close()


def sheet(workbook: Path, folder: Path) -> Image.Image:
    """Return the first page of a workbook, as LibreOffice prints it, without the empty rest of the paper."""
    office = found("soffice", "libreoffice")
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", FIRST_PAGE, "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    target = folder / "sheet"
    to_png = [found("pdftoppm"), "-png", "-r", "110", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*to_png, str(folder / "results.pdf"), str(target)], check=True)
    image = Image.open(target.with_suffix(".png")).convert("RGB")
    # What differs from white, and a margin.
    ink = image.convert("L").point(lambda light: 255 if light < 250 else 0)
    left, top, right, bottom = ink.getbbox() or (0, 0, *image.size)
    return image.crop((max(left - 20, 0), max(top - 20, 0), right + 20, min(bottom + 20, top + image.width)))


def save(name: str, image: Image.Image) -> None:
    """Write a picture with as many colours as fit into its size."""
    path = IMAGES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.relative_to(ROOT).as_posix()}  {path.stat().st_size / 1000:.0f} kB  {image.width} x {image.height}")


if __name__ == "__main__":
    sys.exit(main())
