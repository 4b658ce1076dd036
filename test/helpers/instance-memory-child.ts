/**
 * A host in a process of its own, whose garbage can be collected: `node --expose-gc instance-memory-child.ts <component> <cache>`. Lets
 * instances end in every way, and prints how many core instances of each way exist after a collection.
 */
import process from "node:process";
import type { Agent } from "../../src/index.ts";
import { createHost } from "./isolation.ts";

const [component = "", cacheDir = ""] = process.argv.slice(2);

/** References to all core instances that were created since the last scenario. */
let created: WeakRef<object>[] = [];
const api: { Instance: new (...args: unknown[]) => object } = Reflect.get(globalThis, "WebAssembly");
api.Instance = new Proxy(api.Instance, {
	construct(target, args) {
		const instance: object = Reflect.construct(target, args);
		created.push(new WeakRef(instance));
		return instance;
	},
});

/** Collects garbage, with turns of the event loop in which finalizers run, until nothing is left or the count of rounds is reached. */
async function countLeft(): Promise<number> {
	let left = created.length;
	for (let round = 0; round < 10 && left > 0; round += 1) {
		await new Promise((resolve) => setTimeout(resolve, 10));
		globalThis.gc?.();
		left = created.filter((reference) => reference.deref() !== undefined).length;
	}
	return left;
}

const kept: unknown[] = [];

const scenarios: Readonly<Record<string, (agent: Agent) => Promise<unknown>>> = {
	async "60 runs"(agent) {
		for (let count = 0; count < 3; count += 1) await Promise.all(Array.from({ length: 20 }, () => agent.run("ask")));
	},
	async "closed instances that the embedder keeps"(agent) {
		for (let count = 0; count < 10; count += 1) {
			const instance = await agent.instantiate();
			await instance.run("timers");
			await instance.close();
			kept.push(instance);
		}
	},
	"runs that trap": (agent) => Promise.all(Array.from({ length: 5 }, () => agent.run("recursion").catch(() => {}))),
	"runs with one signal": (agent) => {
		const { signal } = new AbortController();
		kept.push(signal);
		return Promise.all(Array.from({ length: 10 }, () => agent.run("ask", { signal })));
	},
};

const host = await createHost({ config: { host: { cache_dir: cacheDir, log_level: "silent" }, limits: { max_handles: 10_000 } }, env: {} });
const agent = await host.load(component);
const results: Record<string, { created: number; left: number }> = {};
for (const [name, scenario] of Object.entries(scenarios)) {
	created = [];
	await scenario(agent);
	results[name] = { created: created.length, left: await countLeft() };
}
console.log(JSON.stringify(results));
await host.close();
// References after the count show that the objects of the embedder were alive during the count.
process.exitCode = kept.length > 0 ? 0 : 1;
