import { type ReloadStep, RolledReloadError } from "../../cluster/membership/rolled-reload.ts";
import type { Host } from "../../host/host.ts";
import { HttpError } from "../http-error.ts";
import type { ClusterReloadStep, ReloadRequest } from "./api.ts";
import { groupedConfigs } from "./cluster-of.ts";

/** Time without steps after which a comment is sent, in milliseconds: proxies close connections that are idle for a minute. */
const HEARTBEAT_MS = 15_000;

type Steps = AsyncGenerator<ReloadStep, void, void>;

/**
 * Starts a reload of all hosts. Returns its steps as server-sent events. The end of the stream stops the reload before the next host.
 *
 * @throws HttpError 404 for a host alone, 409 while another such reload runs, 503 without the shared store.
 */
export async function reloadCluster(host: Host, { dry_run: dryRun = false }: ReloadRequest, signal: AbortSignal): Promise<ReadableStream> {
	const { cluster } = host;
	if (cluster === undefined)
		throw new HttpError(404, "not_found", "this host is alone: its configuration has no [cluster]; POST /admin/v1/reload reloads it");
	const stop = new AbortController();
	const steps = cluster.reload({ dryRun, signal: AbortSignal.any([signal, stop.signal]) });
	return stepStream(steps, await firstOf(steps), () => stop.abort());
}

/** Returns the first step. Faults that come before it become answers of their own. */
async function firstOf(steps: Steps): Promise<IteratorResult<ReloadStep, void>> {
	try {
		return await steps.next();
	} catch (thrown) {
		if (!(thrown instanceof RolledReloadError)) throw thrown;
		throw new HttpError(thrown.code === "busy" ? 409 : 503, thrown.code, thrown.message, { headers: { "retry-after": "5" } });
	}
}

function stepStream(steps: Steps, first: IteratorResult<ReloadStep, void>, stop: () => void): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	let next: Promise<IteratorResult<ReloadStep, void>> = Promise.resolve(first);
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const result = await orHeartbeat(next);
				if (result === undefined) return controller.enqueue(encoder.encode(": \n\n"));
				if (result.done === true) return controller.close();
				const step = stepOf(result.value);
				controller.enqueue(encoder.encode(`event: ${step.type}\ndata: ${JSON.stringify(step)}\n\n`));
				next = steps.next();
				// A fault is read by the next pull, or by nobody if the client has gone.
				next.catch(() => {});
			},
			async cancel() {
				stop();
				// The host in progress ends its reload, and the right to change all hosts is returned.
				await next.catch(() => {});
				for await (const _ of steps);
			},
		},
		{ highWaterMark: 0 },
	);
}

/** Returns what `next` resolves to; `undefined` if that takes too long. */
async function orHeartbeat<T>(next: Promise<T>): Promise<T | undefined> {
	const { promise, resolve } = Promise.withResolvers<undefined>();
	const timer = setTimeout(() => resolve(undefined), HEARTBEAT_MS);
	try {
		return await Promise.race([next, promise]);
	} finally {
		clearTimeout(timer);
	}
}

function stepOf(step: ReloadStep): ClusterReloadStep {
	switch (step.type) {
		case "checked":
			return { type: step.type, host: step.host, digest: step.digest, need_restart: [...step.needRestart] };
		case "reloaded":
			return { type: step.type, host: step.host, digest: step.digest, duration_ms: step.durationMs };
		case "failed":
			return { type: step.type, host: step.host, code: step.code, message: step.message, faults: [...step.faults] };
		case "end":
			return { type: step.type, outcome: step.outcome, configs: groupedConfigs(step.configs) };
		default:
			return step;
	}
}
