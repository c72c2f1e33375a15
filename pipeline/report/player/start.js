import { startPlayer } from "./player.js";

/** The script of a page that has sounds and nothing else that moves. */
startPlayer();
