// The explorer of a large network: begins with its groups, and loads what is in them when the reader asks for it.

import "../explorer/explorer.css";
import "./levels.css";
import { Levels } from "./levels.js";

const start = () => {
  const root = document.getElementById("explorer");
  const carried = document.getElementById("explorer-data");
  const data = carried ? JSON.parse(carried.textContent) : window.pilotgraphNetwork;
  window.levels = new Levels(root, data);
};

start();
