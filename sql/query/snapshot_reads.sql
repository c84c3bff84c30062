SET @assay_reads = 1 /*M! , SESSION optimizer_switch = 'mrr=on,mrr_sort_keys=on', SESSION mrr_buffer_size = 8388608 */
