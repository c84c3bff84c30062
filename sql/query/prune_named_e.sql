SELECT records FROM detail_set
