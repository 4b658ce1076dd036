import type { Command } from "commander";
import { CONFIG, type Finish, JSON_OUTPUT, timeoutOption } from "../options.ts";
import { check } from "./check.ts";

/** Adds `spear check`. */
export function addCheck(spear: Command, finish: Finish): void {
	spear
		.command("check")
		.description("Check a configuration, and the keys and files that it names. Contacts no backend unless an option says so.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--live", "Ask each backend with one cheap request if URL, key and models work.")
		.addOption(timeoutOption())
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await check(options)));
}
