/** Loads one guest in a process that has loaded none before. Prints the time, the CPU time of the process and that of the main thread, in milliseconds. */
import process from "node:process";
import { createHost } from "../../src/index.ts";

const [path = ""] = process.argv.slice(2);
const host = await createHost({ config: { host: { log_level: "error" } } });
const cpu = process.cpuUsage();
const thread = process.threadCpuUsage();
const start = performance.now();
await host.load(path);
const ms = performance.now() - start;
console.log(JSON.stringify([ms, total(process.cpuUsage(cpu)), total(process.threadCpuUsage(thread))]));
await host.close();

function total({ user, system }: NodeJS.CpuUsage): number {
	return (user + system) / 1000;
}
