// The library of guests imports the interfaces of the ABI.
import "./register.ts";

const { entryPoint } = await import("../guest/platform/entry-native.ts");
const { console: guestConsole } = await import("../guest/platform/console.ts");

/** A call of a guest's function, by the entry point that a build adds to every guest. */
export class GuestCall {
	readonly #run: (input: string) => unknown;
	/** Value that the guest threw. Absent if it threw none. */
	thrown: unknown;

	constructor(run: (input: string) => unknown) {
		this.#run = run;
	}

	/**
	 * Calls the function.
	 *
	 * @throws The error of the run, in the shape of the ABI.
	 */
	start(input: string): string | Promise<string> {
		return entryPoint((given) => {
			try {
				const output = this.#run(given);
				return output instanceof Promise ? output.catch((thrown: unknown) => this.#rethrow(thrown)) : output;
			} catch (thrown) {
				return this.#rethrow(thrown);
			}
		})(input);
	}

	#rethrow(thrown: unknown): never {
		this.thrown = thrown;
		throw thrown;
	}
}

/**
 * Replaces the console of this thread by that of guests, whose lines go to the host's log. Leaves the message out of the stacks of errors, as the
 * engines of guests do. Returns the function that restores both.
 */
export function enterGuest(): () => void {
	const { console: formerConsole } = globalThis;
	const { prepareStackTrace } = Error;
	globalThis.console = Object.assign(Object.create(formerConsole), guestConsole);
	Error.prepareStackTrace = (_error, sites) => sites.map((site) => `    at ${site}`).join("\n");
	return () => {
		globalThis.console = formerConsole;
		if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
		else Error.prepareStackTrace = prepareStackTrace;
	};
}
