import type { ComponentChildren } from "preact";
import type { BackendList, GuestList } from "../../../admin/api.ts";
import { useResource } from "../connection/hooks.ts";
import type { Filter, Filters } from "../logic/filters.ts";
import { guestName, inWords } from "../logic/words.ts";

export interface DecisionFiltersProps {
	readonly filters: Filters;
	readonly onChange: (filters: Filters) => void;
}

/** Fields of the list's filters. The names in the lists are those of the server; any other model may be typed. */
export function DecisionFilters({ filters, onChange }: DecisionFiltersProps) {
	const backends = useResource<BackendList>("backends").data?.backends ?? [];
	const guests = useResource<GuestList>("guests").data?.guests ?? [];
	const operations = [...new Set(backends.flatMap((backend) => backend.operations.map(({ operation }) => operation)))].sort();
	const models = [...new Set(backends.flatMap((backend) => backend.operations.flatMap((operation) => operation.models)))].sort();
	const set = (name: Filter, value: string): void => {
		const { [name]: _, ...others } = filters;
		onChange(value === "" ? others : { ...others, [name]: value });
	};
	const select = (name: Filter, label: string, options: ComponentChildren) => (
		<label>
			<span>{label}</span>
			<select value={filters[name] ?? ""} onChange={({ currentTarget }) => set(name, currentTarget.value)} name={name}>
				<option value="">any</option>
				{options}
			</select>
		</label>
	);
	const names = (name: Filter, values: readonly string[], shown: (value: string) => string = (value) => value): ComponentChildren =>
		// A value of the address that the server does not list is an option all the same.
		[...new Set([...values, filters[name] ?? ""])]
			.filter((value) => value !== "")
			.map((value) => (
				<option key={value} value={value}>
					{shown(value)}
				</option>
			));
	const yesNo = (
		<>
			<option value="true">yes</option>
			<option value="false">no</option>
		</>
	);
	return (
		<form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
			{select("operation", "Operation", names("operation", operations, inWords))}
			{select(
				"guest",
				"Guest",
				names(
					"guest",
					guests.map(({ name }) => name),
					guestName,
				),
			)}
			{select(
				"backend",
				"Backend",
				names(
					"backend",
					backends.map(({ name }) => name),
				),
			)}
			{select("model", "Model", names("model", models))}
			{select(
				"status",
				"Status",
				<>
					<option value="ok">ok</option>
					<option value="failed">failed</option>
					<option value="cancelled">cancelled</option>
				</>,
			)}
			{select("hedged", "Hedged", yesNo)}
			{select("downgraded", "Downgraded", yesNo)}
			{Object.keys(filters).length > 0 && (
				<button type="button" onClick={() => onChange({})}>
					Clear
				</button>
			)}
		</form>
	);
}
