import { Store } from "../../store/store.ts";
import type { Arguments } from "../line/arguments.ts";
import { storeFolder } from "../line/options.ts";
import type { Project } from "../line/project.ts";

/** Opens the store that a command line names, beside others who use it; says so where it waits. */
export function openStore(values: Arguments, { root }: Project, signal: AbortSignal): Promise<Store> {
  const onWait = () => console.error("Waiting for gc or doctor, which is at work in the store");
  return Store.open(storeFolder(values, root), onWait, signal);
}

/** Opens it when nobody else uses it. @param folder of the store */
export function openStoreAlone(folder: string, signal: AbortSignal): Promise<Store> {
  return Store.openAlone(folder, () => console.error("Waiting for the runs that use the store"), signal);
}
