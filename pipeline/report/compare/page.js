import { startFigures } from "../figures/tools.js";
import { startGroups } from "./groups.js";
import { startParallel } from "./parallel.js";
import { startTables } from "./tables.js";

/** The script of a comparison. The page is whole without it. */
startTables();
startGroups();
startFigures();
startParallel();
