/**
 * Streams one object of a gibibyte from one host to another over each place of shared contents, each in a process of its own.
 * Prints throughput, and growth of memory beyond that of a first object of 128 MiB. `npm run bench:media -- [bytes] [directory|redis|s3]…`. A bucket is that of the variables `BENCH_S3_ENDPOINT`, `BENCH_S3_BUCKET`, `BENCH_S3_REGION`, `BENCH_S3_ACCESS_KEY` and
 * `BENCH_S3_SECRET_KEY`.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

const [bytes = `${1024 ** 3}`, ...asked] = process.argv.slice(2);
const places = asked.length > 0 ? asked : ["directory", "redis", ...(process.env.BENCH_S3_ENDPOINT === undefined ? [] : ["s3"])];

for (const place of places) {
	const child = fork(new URL("./media-bench/two-hosts.ts", import.meta.url), [place, bytes], { stdio: "inherit" });
	const [code] = await once(child, "exit");
	if (code !== 0) process.exitCode = 1;
}
