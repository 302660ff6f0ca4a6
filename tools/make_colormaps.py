"""Write the colour maps in src/draw/colormaps/ from matplotlib's tables.

Needs

    pip install matplotlib

    python tools/make_colormaps.py
"""

import base64
from pathlib import Path

import matplotlib
import numpy as np

OUT = Path(__file__).resolve().parent.parent / "src/draw/colormaps"

DESCRIPTIONS = {
    "viridis": "dark blue to yellow, evenly lighter, for all eyes",
    "turbo": "a rainbow without false edges",
    "inferno": "black to pale yellow, evenly lighter",
    "jet": "the old rainbow, as matplotlib has it: bright bands where nothing changes",
    "gray": "black to white",
    "coolwarm": "blue over grey to red, for maps of what speaks against a class and for it",
}

DIVERGING = {"coolwarm"}


def main() -> None:
    for name, description in DESCRIPTIONS.items():
        colors = matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3]
        text = base64.b64encode(colors.tobytes()).decode()
        lines = [f'  "{text[i : i + 100]}"' for i in range(0, len(text), 100)]
        (OUT / f"{name}.ts").write_text(
            'import type { ColormapSource } from "./colormap.ts";\n\n'
            f"/** {description[0].upper()}{description[1:]}. */\n"
            f'export const {name}: ColormapSource<"{name}"> = {{\n'
            f'  name: "{name}",\n'
            f'  description: "{description}",\n'
            + ("  isDiverging: true,\n" if name in DIVERGING else "") +
            "  table:\n  " + " +\n  ".join(lines) + ",\n};\n"
        )


if __name__ == "__main__":
    main()
