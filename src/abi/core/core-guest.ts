import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { GuestInstance, GuestModule, InstanceHost } from "../guest-module.ts";
import { InstanceMemory } from "../memory/instance-memory.ts";
import { InstanceRuns } from "../run/instance-runs.ts";
import { ENTRY } from "./check-interface.ts";
import type { CoreData } from "./core-data.ts";
import { LinkedCore } from "./linked-core.ts";

/** A guest that is a core module: compiled once, its memory capped, its imports checked. */
export class CoreGuest implements GuestModule {
	readonly abi = "core";
	readonly data: CoreData;
	readonly initialBytes: number;
	/** Empty: this ABI has no deprecated functions. */
	readonly deprecated = [];
	readonly #spares: LinkedCore[] = [];

	constructor(data: CoreData) {
		this.data = data;
		this.initialBytes = new InstanceMemory([data.module]).bytes;
	}

	get name(): string {
		return this.data.name;
	}

	/** Returns the text itself: this host reads no debug information of core modules. */
	locate(text: string): string {
		return text;
	}

	/** Makes an instance in advance unless `count` are ready. Returns true if some are missing still. */
	reserve(count: number): boolean {
		if (this.#spares.length < count) this.#spares.push(new LinkedCore(this.data));
		return this.#spares.length < count;
	}

	async instantiate<Scope>(host: InstanceHost<Scope>): Promise<GuestInstance> {
		const { name } = this.data;
		throwIfAborted(host.signal, `instantiating ${name}`);
		const linked = this.#spares.pop() ?? new LinkedCore(this.data);
		linked.connect(host);
		const runs = new InstanceRuns<never>({
			name,
			run: () => linked.run(),
			control: linked.control,
			// The hostcalls of this ABI have no errno by which a guest would learn of the abort.
			abortGraceMs: 0,
			services: linked,
			stderrTail: () => linked.stderrTail,
			signal: host.signal,
		});
		return {
			async run(input, limits) {
				if (input !== "") throw takesNoInput(name);
				return runs.run(input, limits);
			},
			get cpuMs() {
				return runs.cpuMs;
			},
			close: () => runs.close(),
		};
	}
}

function takesNoInput(name: string): SpearError {
	return new SpearError(
		"invalid_request",
		`${name} is a core module, whose \`${ENTRY}\` takes no input; leave the input empty, and send frames by a user stream instead`,
	);
}
