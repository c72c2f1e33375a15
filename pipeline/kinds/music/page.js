import { startExplorer } from "../../report/explorer/explorer.js";
import { startFigures } from "../../report/figures/tools.js";
import { startPlayer } from "../../report/player/player.js";
import { musicView } from "./view.js";

startPlayer();
startFigures();
void startExplorer(musicView);
