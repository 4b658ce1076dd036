import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GuestState } from "../../../generated/abi/component/lowering/runtime.ts";
import { LinkedInstance } from "../../../src/abi/component/link/link-instance.ts";
import { lowered } from "../../../src/abi/component/link/nested-call.ts";
import { OfferedInterfaces } from "../../../src/abi/component/link/offered-interfaces.ts";
import type { Plan } from "../../../src/abi/component/plan/plan.ts";
import { planComponent } from "../../../src/abi/component/plan/plan-component.ts";
import { compileLimited } from "../../../src/abi/memory/memory-limit.ts";
import { assemble } from "../../helpers/guest.ts";
import { constantOf, formsOf, partsOf, stringIn } from "../../helpers/wast.ts";

/** A checkout of https://github.com/WebAssembly/component-model. Without one, these tests are skipped. */
const CHECKOUT = process.env.SPEAR_COMPONENT_MODEL ?? "";

const FILES = [
	"values/alignment",
	"values/concat",
	"values/numerics",
	"values/post-return",
	"values/realloc",
	"values/strings",
	"values/transcode",
	"values/variants",
	"resources/borrows",
	"resources/handle-table",
	"resources/multiple-resources",
];

interface Instance {
	readonly plan: Plan;
	readonly linked: LinkedInstance;
}

async function instantiate(text: string): Promise<Instance> {
	const { plan, modules } = planComponent(await assemble(text));
	const compiled = await compileLimited(modules, 2 ** 28);
	const guest = new GuestState({ maxBytes: 2 ** 28, maxItems: 1e6, maxHandles: 1e5 });
	const offered = new OfferedInterfaces([]);
	const parts = { name: "the component", plan, modules: compiled.map(({ module }) => module), offered, guest, meter: undefined };
	return { plan, linked: new LinkedInstance(parts, () => {}) };
}

function invoke({ plan, linked }: Instance, name: string, args: readonly unknown[]): unknown {
	const lifted = plan.exports[name];
	const type = lifted?.type === undefined ? undefined : plan.types[lifted.type];
	if (lifted === undefined || type === undefined) throw new Error(`there is no export ${name}`);
	const resource = (): never => {
		throw new Error("the test passes no resources");
	};
	return lowered({ ...linked.exported(lifted), resource, name }, type)(args);
}

/** Returns the value with only those flags that are set. */
function comparable(value: unknown): unknown {
	if (value instanceof Map) return new Map([...value].filter(([, isSet]) => isSet));
	if (Array.isArray(value)) return value.map(comparable);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, comparable(each)]));
}

/** A command that needs what this host refuses by name. */
class Unsupported extends Error {}

class Commands {
	readonly #definitions = new Map<string, string>();
	#instance: Instance | undefined;

	/** Executes a command. Throws what is wrong. */
	async execute(form: string): Promise<void> {
		const [, head = ""] = /^\(\s*(component definition|component instance|component|assert_\w+)/.exec(form) ?? [];
		switch (head) {
			case "component definition": {
				const [, name = ""] = /^\(\s*component definition\s+(\$\S+)/.exec(form) ?? [];
				this.#definitions.set(name, form.replace(/^\(\s*component definition\s+\$\S+/, "(component"));
				return;
			}
			case "component instance": {
				const [, name = ""] = /^\(\s*component instance\s+\S+\s+(\$[^\s)]+)/.exec(form) ?? [];
				await this.#instantiate(this.#definitions.get(name) ?? "");
				return;
			}
			case "component":
				await this.#instantiate(form);
				return;
			case "assert_return":
			case "assert_trap":
				await this.#assert(head, form);
				return;
			case "assert_invalid":
			case "assert_malformed": {
				const [component = ""] = partsOf(form);
				const refused = await assemble(component)
					.then(planComponent)
					.then(
						() => false,
						() => true,
					);
				if (!refused) throw new Error("the component is not valid, and was planned");
				return;
			}
			default:
				throw new Error("the command is not known");
		}
	}

	async #instantiate(text: string): Promise<void> {
		this.#instance = undefined;
		try {
			this.#instance = await instantiate(text);
		} catch (cause) {
			throw cause instanceof Error && cause.message.includes("this host does not support") ? new Unsupported(cause.message) : cause;
		}
	}

	async #assert(head: string, form: string): Promise<void> {
		const [action = "", expected] = partsOf(form);
		if (action.startsWith("(component")) {
			const error: unknown = await instantiate(action).then(
				() => undefined,
				(thrown: unknown) => thrown,
			);
			if (error === undefined) throw new Error("the instantiation did not trap");
			return;
		}
		const instance = this.#instance;
		if (instance === undefined) throw new Unsupported("there is no instance");
		let result: unknown;
		try {
			result = comparable(invoke(instance, stringIn(action), partsOf(action).map(constantOf)));
		} catch (thrown) {
			if (head === "assert_trap") return;
			throw thrown;
		}
		if (head === "assert_trap") throw new Error(`it returned ${JSON.stringify(result)}, and no trap`);
		if (expected !== undefined && !isDeepStrictEqual(result, constantOf(expected)))
			throw new Error(`it returned ${JSON.stringify(result)}, not ${expected}`);
	}
}

for (const file of FILES) {
	const path = join(CHECKOUT, "test", `${file}.wast`);
	const run = CHECKOUT === "" ? test.skip : test;
	run(`${file} of the component model passes`, async () => {
		assert.ok(existsSync(path), `${path} is missing`);
		const commands = new Commands();
		const failed: string[] = [];
		const refusals = new Set<string>();
		let unsupported = 0;
		const forms = formsOf(readFileSync(path, "utf8"));
		for (const form of forms)
			await commands.execute(form).catch((cause: unknown) => {
				if (cause instanceof Unsupported) {
					unsupported += 1;
					refusals.add(
						/uses (?:the canonical option |a function whose type has )?(.+?)(?: at byte \d+)?, which/.exec(cause.message)?.[1] ?? "",
					);
				} else failed.push(`${form.replace(/\s+/g, " ").slice(0, 120)}: ${cause}`);
			});
		const passed = forms.length - failed.length - unsupported;
		const names = [...refusals].filter((name) => name !== "").join(", ");
		console.log(
			`${file}: ${passed} of ${forms.length} commands pass; ${unsupported} need what this host refuses${names === "" ? "" : ` (${names})`}`,
		);
		assert.equal(failed, []);
		assert.ok(passed + unsupported > 0);
	});
}

test.run();
