import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ImportObject } from "../../src/abi/component/import-object.ts";
import type { LoadedComponent } from "../../src/abi/component/loaded-component.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
const COUNT = 50;

/** Returns JavaScript heap and memory of the process that one live instance costs, in MB. */
export async function heapOfInstances(
	component: LoadedComponent,
	imports: () => ImportObject,
): Promise<[heapMb: number, memoryMb: number]> {
	await settle();
	const before = process.memoryUsage();
	const instances = [];
	for (let index = 0; index < COUNT; index += 1) {
		const instance = await component.instantiate(imports());
		await instance.run("nothing 0");
		instances.push(instance);
	}
	await settle();
	const after = process.memoryUsage();
	for (const instance of instances) instance.close();
	return [(after.heapUsed - before.heapUsed) / COUNT / 2 ** 20, (after.rss - before.rss) / COUNT / 2 ** 20];
}

async function settle(): Promise<void> {
	for (let index = 0; index < 4; index += 1) {
		if (typeof collect === "function") collect();
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
