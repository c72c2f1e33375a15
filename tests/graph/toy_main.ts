import { main } from "../../pipeline/main.ts";
import { TOY_PROJECT } from "./toy_project.ts";

Deno.exit(await main(Deno.args, TOY_PROJECT));
