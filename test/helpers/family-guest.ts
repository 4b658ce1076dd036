import type { AgentInstance } from "../../src/index.ts";
import type { ProbeOutcome } from "./probe-guest.ts";

/** One thing a family's guest is to do. Bytes are written with `bytes`. */
export interface FamilyCommand {
	readonly do: string;
	readonly [argument: string]: unknown;
}

/** Bytes as a command carries them. */
export function bytes(data: Uint8Array): { readonly $bytes: readonly number[] } {
	return { $bytes: [...data] };
}

/**
 * Source of a guest for end-to-end tests of one family: it does what its input says, a JSON array of commands, and answers with
 * the array of their outcomes. `commands` is the inside of an object of functions by name; `imports` what they use. A typed
 * array comes out as an array of numbers.
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

/** Has a family's guest do something, and gives what came of each command. */
export async function ask(instance: AgentInstance, ...commands: FamilyCommand[]): Promise<ProbeOutcome[]> {
	const output: unknown = JSON.parse(await instance.run(JSON.stringify(commands)));
	if (!Array.isArray(output)) throw new Error("the guest answers with an array");
	return output;
}
