/**
 * What a history dataset is: the shape of its rows, the columns of its files, and what names a row for ever.
 */
import type { z } from "zod";

export interface HistoryDataset<Row> {
  name: string;
  row: z.ZodType<Row>;
  columns: Record<string, string>;
  key: (keyof Row & string)[];
  /** Column in unix seconds whose UTC day or year names the file. */
  timeColumn: keyof Row & string;
  /** Rows of one file: a UTC day, or a year where an upstream hands out whole histories of few rows a day. */
  period: "day" | "year";
  /** Sealed days older than this lie in the archive; without it all of them stay in the history. */
  retentionDays?: number;
  /** Open rows of one time lie in one line, a list a column: three fifths of the bytes where a run brings hundreds. */
  linePerTime?: true;
  /** Columns of 0x-hex text that lie as bytes in Parquet; readers see the text again. */
  hexColumns?: readonly (keyof Row & string)[];
  /** COPY options where the usual ones waste too much. */
  parquet?: string;
  /**
   * Rows may be corrected: of rows with one key the highest number in `column` holds, and is no row at all where `removed` is
   * true. Sealed files stay as they are, a correction is sealed into a further file of its period.
   */
  revisions?: { column: keyof Row & string; removed: keyof Row & string };
}
