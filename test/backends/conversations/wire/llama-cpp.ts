import type { HistoryItem } from "../../../../src/backends/protocols/llama-cpp/library.ts";
import type { FakeRequest } from "../../protocols/llama-cpp/fake-library.ts";
import { fakeInstance } from "../../protocols/llama-cpp/instance.ts";
import type { Vendor } from "../vendor.ts";
import { type ModelTurn, type Said, textIn } from "../wire.ts";

/** A model within the process. Its conversations have no ids: each call holds its result. */
export const llamaCppVendor: Vendor = {
	name: "llama-cpp",
	callId: "by position",
	sealsReasoning: false,
	takesImages: false,
	async connect() {
		const { library, backend } = fakeInstance({ context_size: 2048 });
		return {
			backend,
			play(turn) {
				library.answer = async (request) => generated(turn, request);
			},
			said() {
				const request = library.requests.at(-1);
				if (request === undefined) throw new Error("no request arrived");
				return request.history.flatMap(saidIn);
			},
			close: () => backend.close(),
		};
	},
};

function generated({ text, reasoning, calls = [] }: ModelTurn, { options }: FakeRequest) {
	if (reasoning !== undefined) options.onResponseChunk({ segmentType: "thought", text: reasoning });
	if (text !== undefined) options.onResponseChunk({ text });
	for (const [callIndex, { city }] of calls.entries())
		options.onFunctionCallParamsChunk?.({ callIndex, functionName: "weather", paramsChunk: JSON.stringify({ city }) });
	return { response: text ?? "", metadata: { stopReason: calls.length === 0 ? "eogToken" : "functionCalls" } };
}

/** Returns what an item says: the calls of one turn, then their results. */
function saidIn(item: HistoryItem): Said[] {
	if (item.type !== "model") return [{ type: item.type, text: item.text }];
	const said: Said[] = [];
	let results: Said[] = [];
	const flush = (): void => {
		said.push(...results);
		results = [];
	};
	for (const [index, part] of item.response.entries()) {
		if (typeof part === "string") {
			flush();
			said.push({ type: "assistant", text: part });
			continue;
		}
		if (part.startsNewChunk) flush();
		const id = `place ${index}`;
		said.push({ type: "call", id, name: part.name, city: textIn(part.params, "city") });
		results.push({ type: "result", id, text: String(part.result) });
	}
	flush();
	return said;
}
