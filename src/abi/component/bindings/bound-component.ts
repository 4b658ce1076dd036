import type { InterfaceLowering } from "../../../../generated/abi/component/lowering/runtime.ts";
import { WASI_INTERFACES } from "../../../../generated/abi/component/lowering/wasi/index.ts";
import { throwIfAborted } from "../../../async/throw-if-aborted.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { AllocationGuard, DEFAULT_MAX_MEMORY_BYTES } from "../../memory/memory-limit.ts";
import { compileFound } from "../compile.ts";
import { sha256 } from "../files/file-record.ts";
import { camel, type ImportObject, offeredFunction, pascal, splitVersion } from "../import-object.ts";
import type { OpenSlot } from "../link/link-instance.ts";
import { OfferedInterfaces } from "../link/offered-interfaces.ts";
import { fill, type LinkableComponent, linkGuest } from "../linked-guest.ts";
import { ROOT_INTERFACE } from "../plan/host-imports.ts";
import { type ComponentSource, findComponent, locating } from "../source.ts";
import { isRecord } from "../toolchain.ts";
import type { Bindings, Instance, InstantiateOptions, LoadOptions } from "./bindings.ts";
import { BoundInstance } from "./bound-instance.ts";
import { type MatchedExports, matchExports } from "./match-exports.ts";
import { isAsynchronous, officialFunction } from "./official-function.ts";

/** A component that was compiled once, for any number of instances. */
export class BoundComponent<Imports, Exports> {
	readonly #parts: Omit<LinkableComponent, "offered">;
	readonly #bindings: Bindings;
	readonly #exports: MatchedExports;

	private constructor(parts: Omit<LinkableComponent, "offered">, bindings: Bindings, exports: MatchedExports) {
		this.#parts = parts;
		this.#bindings = bindings;
		this.#exports = exports;
	}

	/**
	 * Loads a component of the world of the bindings. Runs no code of the component, and makes none.
	 *
	 * @throws SpearError `invalid_request` naming what the component imports, exports or needs that the bindings or the engine do not have.
	 */
	static async load<Imports, Exports>(
		source: ComponentSource,
		bindings: Bindings,
		{ metering = "full", maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES }: LoadOptions = {},
	): Promise<BoundComponent<Imports, Exports>> {
		const found = await findComponent(source);
		return locating(source, async () => {
			const offered = new OfferedInterfaces([...WASI_INTERFACES, ...bindings.imports]);
			const both = new Set(namesOf(WASI_INTERFACES).filter((name) => namesOf(bindings.imports).includes(name)));
			const digest = "bytes" in found ? sha256(found.bytes) : found.digest;
			const { agent, modules } = await compileFound(found, digest, {
				metering,
				maxMemoryBytes,
				// An interface that both the engine and the host may implement is checked when that is known.
				check: (name, { imports }) => offered.check(name, { imports: imports.filter((each) => !both.has(splitVersion(each.name).base)) }),
			});
			const { name, plan } = agent;
			const exports = matchExports(
				name,
				plan,
				bindings.exports.map((each) => each.lifting),
			);
			const guard = new AllocationGuard(maxMemoryBytes);
			const allocated = plan.steps.flatMap(({ module }) => modules[module] ?? []);
			for (const limited of allocated) guard.admit(limited);
			const parts = { name, plan, modules: modules.map(({ module }) => module), allocated };
			return new BoundComponent(parts, bindings, exports);
		});
	}

	/**
	 * Creates an instance with a memory of its own. An instance runs one call after another.
	 *
	 * @throws SpearError `invalid_request` listing the imports that the host lacks, or when the component fails while it starts.
	 */
	async instantiate(imports: Imports, options: InstantiateOptions = {}): Promise<Instance<Exports>> {
		const { name, plan } = this.#parts;
		throwIfAborted(options.signal, `instantiating ${name}`);
		const implemented = withRoot(imports, this.#bindings.imports);
		const own = this.#bindings.imports.filter((each) => Object.hasOwn(implemented, each.name));
		const ownInterfaces = new OfferedInterfaces(own);
		const offered = new OfferedInterfaces([...WASI_INTERFACES, ...own]);
		offered.check(name, plan);
		const missing: string[] = [];
		const guest = linkGuest({ ...this.#parts, offered }, (open, wasi, state) => {
			if (!connect(open, implemented, ownInterfaces) && !fill(open, wasi, state)) missing.push(`${open.interface}: ${open.function}`);
		});
		if (missing.length > 0) {
			guest.wasi.close();
			throw new SpearError(
				"invalid_request",
				`${name} cannot be instantiated: it imports what this host does not implement: ${missing.join(", ")}`,
			);
		}
		return new BoundInstance(name, guest, options).exports<Exports>(this.#exports, this.#bindings.exports);
	}
}

/** Connects a function that the host implements itself. Returns false if it does not. */
function connect(open: OpenSlot, implemented: ImportObject, own: OfferedInterfaces): boolean {
	const lowering = own.function(open.interface, open.function);
	const found = offeredFunction(implemented, open.base, open.function);
	if (lowering === undefined || found === undefined) return false;
	const shown = open.base === ROOT_INTERFACE ? open.function : `${open.base}#${open.function}`;
	open.slot.target = officialFunction(found, lowering, shown);
	open.waits = isAsynchronous(found);
	open.isFilled = true;
	return true;
}

/** The imports by interface. Functions and resources outside interfaces, which have names of their own, become an interface too. */
function withRoot(imports: unknown, interfaces: readonly InterfaceLowering[]): ImportObject {
	const found: Record<string, Readonly<Record<string, unknown>>> = Object.create(null);
	for (const { name, functions, resources } of interfaces) {
		if (name === ROOT_INTERFACE) {
			const root: Record<string, unknown> = Object.create(null);
			for (const wit of Object.keys(functions)) if (!wit.startsWith("[")) root[camel(wit)] = memberOf(imports, wit);
			for (const wit of Object.keys(resources)) root[pascal(wit)] = memberOf(imports, wit);
			found[name] = root;
			continue;
		}
		const members = memberOf(imports, name);
		if (isRecord(members) || typeof members === "function") found[name] = Object(members);
	}
	return found;
}

function memberOf(imports: unknown, name: string): unknown {
	return isRecord(imports) && Object.hasOwn(imports, name) ? imports[name] : undefined;
}

function namesOf(interfaces: readonly InterfaceLowering[]): string[] {
	return interfaces.map(({ name }) => name);
}
