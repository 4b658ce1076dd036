export interface ChoiceProps<T extends string> {
	/** Name of the group of radio buttons. Unique in the page. */
	readonly name: string;
	readonly legend: string;
	readonly options: readonly { readonly value: T; readonly label: string }[];
	readonly value: T;
	readonly onChoose: (value: T) => void;
}

/** Radio buttons in a row. */
export function Choice<T extends string>({ name, legend, options, value, onChoose }: ChoiceProps<T>) {
	return (
		<fieldset class="choice">
			<legend>{legend}</legend>
			{options.map((option) => (
				<label key={option.value}>
					<input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
					<span>{option.label}</span>
				</label>
			))}
		</fieldset>
	);
}
