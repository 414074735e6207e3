/** What comes of an Azure run's results: where its figures are from, and how they get into a run record. */

/** How the times of a merged record were had. `histograms`: our own files, exact; `rows`: the service's CSV, whole ms. */
export type ResultsSource = "histograms" | "rows";

export interface MergedResults {
  readonly source: ResultsSource;
  /** Why rows were used, or which engines lacked histograms; null with nothing to say. */
  readonly note: string | null;
  readonly engines: number;
}
