import { main } from "../../pipeline/commands/main.ts";
import { TOY_PROJECT, TOY_VERBS } from "./toy_project.ts";

Deno.exit(await main(Deno.args, TOY_PROJECT, TOY_VERBS));
