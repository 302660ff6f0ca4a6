import type { ColormapSource } from "./colormap.ts";

/** Black to white. */
export const gray: ColormapSource<"gray"> = {
  name: "gray",
  description: "black to white",
  table:
    "AAAAAQEBAgICAwMDBAQEBQUFBgYGBwcHCAgICQkJCgoKCwsLDAwMDQ0NDg4ODw8PEBAQEREREhISExMTFBQUFRUVFhYWFxcXGBgY" +
    "GRkZGhoaGxsbHBwcHR0dHh4eHx8fICAgICAgIiIiIyMjJCQkJCQkJiYmJycnKCgoKCgoKioqKysrLCwsLCwsLi4uLy8vMDAwMDAw" +
    "MjIyMzMzNDQ0NDQ0NjY2Nzc3ODg4ODg4Ojo6Ozs7PDw8PDw8Pj4+Pz8/QEBAQUFBQUFBQ0NDRERERUVFRkZGR0dHSEhISUlJSUlJ" +
    "S0tLTExMTU1NTk5OT09PUFBQUVFRUVFRU1NTVFRUVVVVVlZWV1dXWFhYWVlZWVlZW1tbXFxcXV1dXl5eX19fYGBgYWFhYWFhY2Nj" +
    "ZGRkZWVlZmZmZ2dnaGhoaWlpaWlpa2trbGxsbW1tbm5ub29vcHBwcXFxcXFxc3NzdHR0dXV1dnZ2d3d3eHh4eXl5eXl5e3t7fHx8" +
    "fX19fn5+f39/gICAgYGBgoKCg4ODg4ODhYWFhoaGh4eHiIiIiYmJioqKi4uLjIyMjY2Njo6Oj4+PkJCQkZGRkpKSk5OTk5OTlZWV" +
    "lpaWl5eXmJiYmZmZmpqam5ubnJycnZ2dnp6en5+foKCgoaGhoqKio6Ojo6OjpaWlpqamp6enqKioqampqqqqq6urrKysra2trq6u" +
    "r6+vsLCwsbGxsrKys7Ozs7OztbW1tra2t7e3uLi4ubm5urq6u7u7vLy8vb29vr6+v7+/wMDAwcHBwsLCw8PDw8PDxcXFxsbGx8fH" +
    "yMjIycnJysrKy8vLzMzMzc3Nzs7Oz8/P0NDQ0dHR0tLS09PT09PT1dXV1tbW19fX2NjY2dnZ2tra29vb3Nzc3d3d3t7e39/f4ODg" +
    "4eHh4uLi4+Pj4+Pj5eXl5ubm5+fn6Ojo6enp6urq6+vr7Ozs7e3t7u7u7+/v8PDw8fHx8vLy8/Pz8/Pz9fX19vb29/f3+Pj4+fn5" +
    "+vr6+/v7/Pz8/f39/v7+////",
};
