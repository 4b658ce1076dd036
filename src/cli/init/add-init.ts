import type { Command } from "commander";
import { type Finish, JSON_OUTPUT } from "../options.ts";
import { init } from "./init.ts";

/** Adds `spear init`. */
export function addInit(spear: Command, finish: Finish): void {
	spear
		.command("init")
		.description("Write a first spear.toml, which works without a key and has further settings as comments.")
		.argument("[folder]", "Folder of the file. The default is this folder.", ".")
		.option("--force", "Replace a file that is there.")
		.option("--json", JSON_OUTPUT)
		.action(async (folder, options) => finish(await init(folder, options)));
}
