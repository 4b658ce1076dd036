/** A guest without the guest library, for tests. */
import { complete } from "spear:ai/cchat@0.1.0";
import { poll, subscribeDuration } from "spear:ai/poll@0.1.0";

export function run(input: string): string {
	if (input === "wait") {
		poll([subscribeDuration(3_600_000)]);
		return "an hour later";
	}
	if (input === "poll") {
		const timer = subscribeDuration(50);
		let asked = 0;
		while (!timer.ready()) asked += 1;
		return asked > 1000 ? "ready at last" : "ready too early";
	}
	if (input === "throw") throw new TypeError("not for the host");
	const { message } = complete({ messages: [{ role: "user", content: [{ tag: "text", val: input }] }] }, undefined);
	return message.content.map((part) => (part.tag === "text" ? part.val : "")).join("");
}
