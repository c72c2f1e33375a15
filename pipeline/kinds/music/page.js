import { startExplorer } from "../../report/explorer/explorer.js";
import { startPlayer } from "../../report/player/player.js";
import { musicView } from "./view.js";

startPlayer();
void startExplorer(musicView);
