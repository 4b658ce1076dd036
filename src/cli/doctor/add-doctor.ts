import { type Command, InvalidArgumentError } from "commander";
import { CONFIG, type Finish, JSON_OUTPUT, timeoutOption } from "../options.ts";
import { doctor } from "./doctor.ts";

/** Returns a number of a TCP port. */
function portNumber(text: string): number {
	const value = Number(text);
	if (/^\d{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value;
	throw new InvalidArgumentError("It must be a number from 1 to 65535.");
}

/** Adds `spear doctor`. */
export function addDoctor(spear: Command, finish: Finish): void {
	spear
		.command("doctor")
		.description("Check Node, packages, models, configuration, keys, backends and cache, and print what to do about each fault.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--offline", "Ask no other machine.")
		.option("--no-verify", "Compare the sizes of the models' files only, not their digests, for which each file is read.")
		.option("--port <number>", "Also check that a port is free. spear itself listens on no port yet.", portNumber)
		.addOption(timeoutOption())
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await doctor(options)));
}
