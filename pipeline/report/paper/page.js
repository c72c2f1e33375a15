import { startFigures } from "../figures/tools.js";
import { startPlayer } from "../player/player.js";
import { startFrames } from "./frames.js";

startPlayer();
startFrames();
startFigures("main figure[id]");
