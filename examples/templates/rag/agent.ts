/** Answers questions from its own documents: finds the passages that are near the question, and lets the model answer from those alone. */
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
import { SearchIndex } from "spear-hostcall/guest/search";
import { DOCUMENTS, type Passage } from "./documents.ts";

const SYSTEM = "Answer from the passages alone, and name their numbers in brackets. If they do not say it, say so.";

export const run = agent((question) => {
	const index = new SearchIndex<Passage>({ textOf: ({ title, text }) => `${title}. ${text}` }).add(DOCUMENTS);
	const hits = index.search(question, { topK: 3 });
	for (const { item, score } of hits) console.info(`${score.toFixed(2)} ${item.title}`);
	const passages = hits.map(({ item }, number) => `[${number + 1}] ${item.title}: ${item.text}`).join("\n");
	using assistant = chat({ system: SYSTEM });
	const { text } = assistant.ask(`${passages}\n\nQuestion: ${question}`);
	return `${text}\n\n${hits.map(({ item }, number) => `[${number + 1}] ${item.title}`).join("\n")}`;
});
