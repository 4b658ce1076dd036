import type { BuildResult } from "../../src/build/build-guest.ts";
import { buildTestGuest } from "./guest.ts";

/** Builds a guest for tests of the command. Some inputs select how its run ends. Any other input is its output. */
const CLI_GUEST = `
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	if (input === "long") return "x".repeat(1_000_000);
	if (input === "escape") throw new Error("\\u001b[31mred\\u0007 and\\ttab");
	if (input === "fail") throw new Error("no luck");
	if (input.startsWith("ask ")) return chat().ask(input.slice("ask ".length)).text;
	return input;
});
`;

export function cliGuest(): Promise<BuildResult> {
	return buildTestGuest(CLI_GUEST);
}
