import { setTimeout } from "node:timers/promises";

/** Time between two requests, in milliseconds: twice as many as the limit of the guest. */
const REQUEST_MS = 25;

/** Requests between two submissions of a run. */
const REQUESTS_PER_RUN = 40;

/** Time between two reports, in milliseconds. */
const REPORT_MS = 5_000;

/** Sends chats to the hosts in turn, more than the limit permits, and submits runs. Reports until `signal` is aborted. */
export async function sendTraffic(urls, key, signal, report) {
	const counts = { granted: 0, limited: 0, failed: 0, submitted: 0 };
	const count = (request, done) =>
		request.then(
			(response) => {
				counts[response.ok ? done : response.status === 429 ? "limited" : "failed"] += 1;
				return response.body?.cancel();
			},
			() => {
				counts.failed += 1;
			},
		);
	const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
	const chat = JSON.stringify({ model: "stub-chat", messages: [{ role: "user", content: "Where is my parcel?" }] });
	let reportedAt = performance.now();
	for (let sent = 0; !signal.aborted; sent += 1) {
		const url = urls[sent % urls.length];
		count(fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: chat, signal }), "granted");
		if (sent % REQUESTS_PER_RUN === 0)
			count(fetch(`${url}/agents/greeter/runs`, { method: "POST", headers, body: JSON.stringify({ input: "" }), signal }), "submitted");
		if (performance.now() - reportedAt > REPORT_MS) {
			const seconds = (performance.now() - reportedAt) / 1_000;
			const { granted, limited, failed, submitted } = counts;
			report(
				`${(granted / seconds).toFixed(1)} requests a second granted by all hosts, ${(limited / seconds).toFixed(1)} over the limit, ${failed} failed; ${submitted} runs submitted`,
			);
			Object.assign(counts, { granted: 0, limited: 0, failed: 0, submitted: 0 });
			reportedAt = performance.now();
		}
		await setTimeout(REQUEST_MS, undefined, { signal }).catch(() => {});
	}
}
