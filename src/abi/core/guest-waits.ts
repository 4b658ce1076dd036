import { type CoreFunction, type GuestState, Trap } from "../../../generated/abi/component/lowering/runtime.ts";

import { webAssembly } from "../web-assembly.ts";

/** Most tools that run inside one another. */
const MAX_TOOL_DEPTH = 4;

/**
 * The stacks of one guest: that of `_start`, and one for each tool that runs inside a wait of the stack below.
 *
 * All of them share one shadow stack in the guest's memory. So they go on last in, first out. A stack that waits for a tool must not go on before the
 * tool has returned. Only the uppermost stack may start another.
 */
export class GuestWaits {
	readonly #guest: GuestState;
	readonly #pending = new Set<(reason: Trap) => void>();
	/** Numbers of the stacks that wait for the host, and of the tools that run. */
	#waiting = 0;
	#tools = 0;

	constructor(guest: GuestState) {
		this.#guest = guest;
	}

	/**
	 * Returns the import by which the guest waits for a function of the host. The end of the guest ends the wait: the function may never answer, and the
	 * platform keeps a suspended stack until then.
	 */
	suspending(site: string, target: CoreFunction): CoreFunction {
		return new webAssembly.Suspending((...args: never[]) => this.#wait(site, () => Reflect.apply(target, undefined, args)));
	}

	/** Returns true if one more tool may run inside those that run. */
	get hasRoom(): boolean {
		return this.#tools < MAX_TOOL_DEPTH;
	}

	/**
	 * Runs a tool on a stack of its own, while the uppermost stack waits.
	 *
	 * @throws Error if no stack waits for it: the fault of the host's hostcall.
	 */
	async inTool<T>(run: () => Promise<T>): Promise<T> {
		if (this.#waiting !== this.#tools + 1) throw new Error("a tool was called while the guest did not wait for it");
		this.#tools += 1;
		try {
			return await run();
		} finally {
			this.#tools -= 1;
		}
	}

	/** Ends all waits by a trap. Called when the guest has ended. */
	end(): void {
		for (const reject of this.#pending) reject(new Trap(this.#guest.ended ?? "the guest has ended"));
		this.#pending.clear();
	}

	/** Throws at once where the stack cannot be suspended: the platform would drop a promise, and its rejection with it. */
	#wait(site: string, start: () => unknown): Promise<unknown> {
		const guest = this.#guest;
		guest.site = site;
		if (guest.unyielding > 0)
			throw guest.trap(`the guest calls ${site} in its start function, where it cannot wait; call it in \`_start\``);
		return this.#answer(site, start);
	}

	async #answer(site: string, start: () => unknown): Promise<unknown> {
		const guest = this.#guest;
		const tools = this.#tools;
		this.#waiting += 1;
		try {
			const answer = await this.#untilEnd(start);
			if (this.#tools === tools) return answer;
			const reason = `${site}: the host answered while a tool of the guest was running`;
			guest.end(reason, "host");
			throw new Trap(reason);
		} finally {
			this.#waiting -= 1;
		}
	}

	#untilEnd(start: () => unknown): Promise<unknown> {
		return new Promise((resolve, reject) => {
			this.#pending.add(reject);
			Promise.resolve(start())
				.then(resolve, reject)
				.finally(() => this.#pending.delete(reject));
		});
	}
}
