export { scale } from "./arithmetic.ts";
