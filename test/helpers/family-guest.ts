import type { AgentInstance } from "../../src/index.ts";
import type { ProbeOutcome } from "./probe-guest.ts";

/** A command for the guest of a family. `bytes` encodes binary values. */
export interface FamilyCommand {
	readonly do: string;
	readonly [argument: string]: unknown;
}

/** Returns bytes in the form of a command. */
export function bytes(data: Uint8Array): { readonly $bytes: readonly number[] } {
	return { $bytes: [...data] };
}

/**
 * Returns the source of a guest for end-to-end tests of one family. The input of the guest is a JSON array of commands, the output the array
 * of their outcomes. A typed array in an outcome becomes an array of numbers.
 *
 * @param imports Import declarations of the functions.
 * @param commands Members of an object literal: the functions by the name of their command.
 */
export function familyGuest(imports: string, commands: string): string {
	return `${imports}

const commands = {
${commands}
};

const revive = (key, value) => (value && value.$bytes ? Uint8Array.from(value.$bytes) : value);
const plain = (key, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);

export function run(input) {
	const outcomes = JSON.parse(input, revive).map((command) => {
		try {
			return { ok: commands[command.do](command) };
		} catch (thrown) {
			if (thrown && thrown.payload) return { err: thrown.payload };
			throw { tag: "failed", val: String(thrown && thrown.message) + "\\n" + (thrown && thrown.stack) };
		}
	});
	return JSON.stringify(outcomes, plain);
}
`;
}

/** Runs commands in the guest of a family. Returns the outcome of each. */
export async function ask(instance: AgentInstance, ...commands: FamilyCommand[]): Promise<ProbeOutcome[]> {
	const output: unknown = JSON.parse(await instance.run(JSON.stringify(commands)));
	if (!Array.isArray(output)) throw new Error("the guest answers with an array");
	return output;
}
