import "../../report/player/player.js";
