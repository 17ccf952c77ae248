//! PDF files, made by hand: a page that says something, and whatever else a test wants to be in it.

/// A PDF of one page with this text. `catalogue` stands in its root beside the pages, `more` are further objects, the first of which is 6.
pub(crate) fn pdf_with(text: &str, catalogue: &str, more: &[&str], trailer: &str) -> Vec<u8> {
    let content = format!("BT /F1 18 Tf 72 720 Td ({text}) Tj ET");
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).into_bytes());
    }
    let table = file.len();
    let size = objects.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    file
}

/// A PDF of one page with this text.
pub(crate) fn pdf(text: &str) -> Vec<u8> {
    pdf_with(text, "", &[], "")
}

/// One whose root lies in an object stream, as most programs write it today, with this beside the pages.
pub(crate) fn packed(catalogue: &str) -> Vec<u8> {
    let root = format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>");
    let within = format!("1 0 {root}");
    let objects = [
        "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n".to_owned(),
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n".to_owned(),
        format!(
            "4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length {} >>\nstream\n{within}\nendstream\nendobj\n",
            within.len()
        ),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for object in objects {
        places.push(file.len());
        file.extend(object.into_bytes());
    }
    let table = file.len();
    // Of each object: how it lies, where, and which it is of those in a stream.
    let mut entries: Vec<u8> = vec![0, 0, 0, 0];
    entries.extend([2, 0, 4, 0]);
    for place in places.into_iter().chain([table]) {
        let [high, low] = u16::try_from(place).unwrap().to_be_bytes();
        entries.extend([1, high, low, 0]);
    }
    file.extend(
        format!(
            "5 0 obj\n<< /Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R /Length {} >>\nstream\n",
            entries.len()
        )
        .into_bytes(),
    );
    file.extend(entries);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n").into_bytes());
    file
}
