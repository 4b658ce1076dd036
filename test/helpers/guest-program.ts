/** A guest that uses the whole guest library. The input selects the job. Built for both engines. */
export const PROGRAM = `
import { agent, emit, HostcallError } from "spear-hostcall/guest";
import { assistant, chat, system, tool, user } from "spear-hostcall/guest/chat";
import { select, sleep } from "spear-hostcall/guest/poll";

const STOCK: Record<string, number> = { bolt: 12 };

const stock = tool<{ sku: string }>({
	name: "stock",
	description: "How many of a part there are",
	parameters: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
	run({ sku }) {
		if (!(sku in STOCK)) throw new Error("no part " + sku);
		return { sku, count: STOCK[sku] };
	},
});

const jobs: Record<string, () => string> = {
	ask() {
		const answer = chat({ tools: [stock] }).ask("how many?");
		return answer.text + " after " + answer.tools.map(({ call }) => call.id).join();
	},
	flood() {
		const flood = { name: "flood", run: () => "x".repeat(200) };
		const answer = chat({ tools: [flood] }).ask("more");
		return answer.text + " after " + answer.tools.map(({ result }) => result.output).join();
	},
	"leave a run"() {
		const conversation = chat({ tools: [stock] });
		for (const event of conversation.stream("how many?")) if (event.tag === "tool-run") break;
		return conversation.ask("and now?").text;
	},
	again() {
		const conversation = chat();
		conversation.ask("a");
		const [removed] = conversation.removeLastTurn();
		conversation.truncate(0);
		return removed?.role ?? "nothing removed";
	},
	options() {
		chat({ model: "m", system: "be brief", messages: [user("q"), assistant("a")], tools: [stock, { name: "now", run: () => "noon" }], params: { temperature: 0.5 }, options: { timeoutMs: 100 } });
		return "";
	},
	stream() {
		const seen: string[] = [];
		for (const event of chat({ tools: [stock] }).stream("how many?")) seen.push(event.tag === "text" ? event.val : event.tag);
		return seen.join(" ");
	},
	leave() {
		const conversation = chat();
		for (const event of conversation.stream("count")) if (event.tag === "text") break;
		conversation[Symbol.dispose]();
		conversation[Symbol.dispose]();
		return "left";
	},
	caught() {
		try {
			chat().ask("x");
		} catch (error) {
			if (error instanceof HostcallError) return [error.code, error.retryable, error.retryAfterMs, error.operation, error.message].join(" ");
		}
		return "nothing thrown";
	},
	select() {
		const conversation = chat();
		const slow = conversation.session.sendStream();
		const fast = conversation.session.sendStream();
		const seen: string[] = [];
		for (const { from, event } of select({ slow, fast })) seen.push(from + ":" + event.tag);
		for (const stream of [slow, fast]) stream[Symbol.dispose]();
		return seen.join(" ");
	},
	impatient() {
		const stream = chat().session.sendStream();
		const seen = [...select({ stream }, { timeoutMs: 30 })].length;
		stream[Symbol.dispose]();
		return "gave up after " + seen;
	},
	sleep() {
		sleep(50);
		return "awake";
	},
	emit() {
		emit("text");
		emit({ event: "data", data: { list: [1, null], half: "🔩".slice(0, 1) } });
		emit({ event: "none" });
		for (const data of [() => 1, 1n]) {
			try {
				emit({ event: "no-json", data });
			} catch (thrown) {
				emit(String(thrown instanceof TypeError));
			}
		}
		try {
			emit({ event: "refused", data: 1 });
		} catch (thrown) {
			return thrown instanceof HostcallError ? thrown.code + ": " + thrown.message : "no HostcallError";
		}
		return "not refused";
	},
	console() {
		console.log("plain", 1, { deep: [true, null], big: 1n }, new Map([["k", 2]]), undefined);
		console.debug("d");
		console.warn(new Uint8Array(3));
		const circular: unknown[] = [];
		circular.push(circular);
		console.info(circular, () => 1);
		console.error(new TypeError("bad").message);
		return "";
	},
	"half a pair"() {
		const half = "🔩".slice(0, 1);
		console.log("log " + half);
		chat().ask("ask " + half);
		return "answer " + half;
	},
	"throws half a pair"() {
		throw new Error("half " + "🔩".slice(0, 1));
	},
	"throws a circle"() {
		const circle: unknown[] = [];
		circle.push(circle);
		throw circle;
	},
	"throws what throws"() {
		throw { get payload() { throw new Error("mean"); } };
	},
	throws() {
		throw new TypeError("own failure");
	},
	"throws text"() {
		throw "just text";
	},
	"throws a hostcall's error"() {
		return chat().ask("x").text;
	},
	"returns a number"() {
		return 5 as unknown as string;
	},
	"returns a promise"() {
		return Promise.reject(new Error("later")) as unknown as string;
	},
	system() {
		return JSON.stringify(system("s"));
	},
};

export const run = agent((input) => jobs[input]?.() ?? "no such job: " + input);
`;
