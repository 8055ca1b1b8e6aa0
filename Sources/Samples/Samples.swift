/// The files of data that come along, so that the program needs none beside it: each is the file of
/// that name in the folder `data`, whose README says where it is from and under which licence.
package enum Samples {
  /// `penguins.csv`: measurements of penguins, with a line of names.
  package static var penguins: [UInt8] { PackageResources.penguins_csv }

  /// `digits.csv.gz`: handwritten digits of 8 by 8 pixels from 0 to 16, and behind each its class.
  package static var digits: [UInt8] { PackageResources.digits_csv_gz }

  /// `sonnets.txt`: Shakespeare's sonnets.
  package static var sonnets: [UInt8] { PackageResources.sonnets_txt }
}
